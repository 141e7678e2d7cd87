import { tellAll } from './tell-all.ts'

tellAll(101, 200)
