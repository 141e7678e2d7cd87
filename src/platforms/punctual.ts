import type { Clock } from '#domain/effects.ts'
import type { Transport } from '#platforms/ports.ts'
import { TransportError } from '#platforms/transport.ts'

/**
 * The same transport, through which nothing leaves after its `notAfter`: the last look at the clock before the network. A
 * process that stood still since its last look at the fence may have lost its lane, and must not send what it had in hand.
 */
export const punctual =
  (transport: Transport, clock: Clock): Transport =>
  async (request) => {
    const { notAfter } = request
    if (notAfter && Temporal.Instant.compare(clock.now(), notAfter) > 0)
      throw new TransportError('too-late', `was to leave by ${notAfter}`)
    return transport(request)
  }
