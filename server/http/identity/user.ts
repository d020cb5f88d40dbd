import { z } from 'zod';

/**
 * Who somebody is. `single`: the one user of a server on their own machine, who may do everything with their own clusters.
 * `student`: sees their own workspaces. `instructor`: sees their students' as well.
 */
export const userRole = z.enum(['single', 'student', 'instructor']);
export type UserRole = z.infer<typeof userRole>;

export interface User {
  id: string;
  role: UserRole;
  name: string;
}
