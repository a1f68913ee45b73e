import { Role } from '../../src/entities/enums.js';
import { SCOPES, type Principal } from '../../src/services/access.js';

/** A caller who may do everything, for tests that ask services without a door. */
export const ADMIN: Principal = {
  tokenUuid: '01890000-0000-7000-8000-000000000001',
  name: 'Test',
  role: Role.ADMIN,
  scopes: SCOPES,
  expiresAt: null,
};
