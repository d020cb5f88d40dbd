import { z } from 'zod';
import { taskExplanation } from '../../server/clusters/host/task-explanation.ts';
import { labSummary } from '../../server/workspaces/view/lab-view.ts';
import { domcView, stepProgress, terminalView } from '../../server/workspaces/view/workspace-view.ts';
import { call, tell } from './call.ts';

export const signOut = () => tell('POST', '/api/sign-out');
export const fetchLabs = () => call(z.array(labSummary), 'GET', '/api/labs');

/** The workspace for a lab, made when there is none; gives its id. */
export async function startWorkspace(lab: string, variant?: string): Promise<string> {
  const body = { lab, ...(variant !== undefined && { variant }) };
  return (await call(z.object({ id: z.string() }), 'POST', '/api/workspaces', body)).id;
}

/** What can be done in one workspace. Everything rejects with ApiError. */
export function workspaceApi(id: string) {
  const base = `/api/workspaces/${id}`;
  return {
    speak: (language: string) => tell('PUT', `${base}/language`, { language }),
    reset: () => tell('POST', `${base}/reset`),
    remove: () => tell('DELETE', base),
    bringClusterUp: () => tell('POST', `${base}/cluster`),
    check: (step: string) => call(stepProgress, 'POST', `${base}/steps/${step}/check`),
    nextHint: (step: string) => call(stepProgress, 'POST', `${base}/steps/${step}/hints`),
    answer: (question: string, answer: string[]) => tell('PUT', `${base}/answers/${question}`, { answer }),
    judge: (question: string, number: number, yes: boolean) =>
      call(domcView, 'POST', `${base}/questions/${question}/judgements`, { number, yes }),
    restartQuestion: (question: string) => call(domcView, 'DELETE', `${base}/questions/${question}/judgements`),
    explain: (task: string) => call(taskExplanation, 'GET', `${base}/tasks/${task}/explanation`),
    createTerminal: (node: string, size: { cols: number; rows: number }) =>
      call(terminalView, 'POST', `${base}/terminals`, { node, ...size }),
    removeTerminal: (terminal: string) => tell('DELETE', `${base}/terminals/${terminal}`),
    terminalTicket: async (terminal: string) =>
      (await call(z.object({ ticket: z.string() }), 'POST', `${base}/terminals/${terminal}/ticket`)).ticket,
  };
}
export type WorkspaceApi = ReturnType<typeof workspaceApi>;
