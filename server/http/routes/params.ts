import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9]{1,40}$/);
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/);

/** What stands in the paths of the routes. */
export const workspaceParams = z.object({ workspace: id });
export const stepParams = workspaceParams.extend({ step: name });
export const questionParams = workspaceParams.extend({ question: name });
export const terminalParams = workspaceParams.extend({ terminal: id });
export const taskParams = workspaceParams.extend({ task: id });
export const nodeParams = workspaceParams.extend({ node: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/) });
