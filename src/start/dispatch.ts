// Every port leads to tenants: the bare paths to the default one, /t/{name} to that one, made on first use.
import type { NextFunction, Request, Response } from 'express'
import { defaultName } from '../tenants/room.ts'
import { RoomRefused, type Rooms } from '../tenants/rooms.ts'
import type { Port } from './app.ts'
import type { Door, OpenHouse } from './room.ts'

export interface DispatchOptions {
  readonly rooms: Rooms<OpenHouse>
  readonly door: Door
  /** Whether this request may make a tenant. */
  readonly mayMake: (req: Request) => boolean | Promise<boolean>
}

export function dispatch({ routes }: Port, { rooms, door, mayMake }: DispatchOptions): void {
  const enter = (room: OpenHouse, req: Request, res: Response, next: NextFunction): void => {
    room.underWay.enter(res)
    door(room.doors)(req, res, next)
  }
  const wait = async (name: string, req: Request, res: Response, next: NextFunction): Promise<void> => {
    try {
      const room = await rooms.get(name, rooms.has(name) || (await mayMake(req)))
      if (!res.closed) enter(room, req, res, next)
    } catch (error) {
      if (!(error instanceof RoomRefused)) return next(error)
      if (error.status === 503) res.set('retry-after', '10')
      res.status(error.status).json({ error: error.message })
    }
  }
  routes.use('/t/:tenant', (req: Request<{ tenant: string }>, res: Response, next: NextFunction) => {
    const { tenant } = req.params
    const room = rooms.opened(tenant)
    if (room === undefined) void wait(tenant, req, res, next)
    else enter(room, req, res, next)
  })
  routes.use((req: Request, res: Response, next: NextFunction) => {
    const room = rooms.opened(defaultName)
    if (room === undefined) void wait(defaultName, req, res, next)
    else enter(room, req, res, next)
  })
}
