/** What a socket tells whoever opened it. It never speaks before `OpenSocket` has returned, nor after `ended`. */
export type SocketEvents = {
  opened(): void
  /** One text frame. */
  frame(text: string): void
  /** A frame that is no text, or one that is too large; the latter ends the socket. */
  unreadable(): void
  /** A sign of life that is no frame: a pong or a ping of the WebSocket itself. */
  alive(): void
  /** It could not be opened, was closed or broke. `code` is for the log: ECONNREFUSED, 401, 1006. */
  ended(code: string): void
}

/** One WebSocket. Whatever is sent into one that has ended is gone without a word. */
export interface StreamSocket {
  send(text: string): void
  /** Asks for a sign of life. */
  ping(): void
  /** Lets it go; nothing is heard from it afterwards. */
  close(): void
}

/** Opens a WebSocket: a real one in the product, one in the same process in the simulation. */
export type OpenSocket = (url: string, events: SocketEvents) => StreamSocket
