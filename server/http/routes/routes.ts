import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../server-context.ts';
import { answerQuestion } from './answer-question.ts';
import { checkStep } from './check-step.ts';
import { chooseLanguage } from './choose-language.ts';
import { createTerminal } from './create-terminal.ts';
import { explainTask } from './explain-task.ts';
import { listFiles } from './files/list-files.ts';
import { makeFolder } from './files/make-folder.ts';
import { moveFile } from './files/move-file.ts';
import { readFile } from './files/read-file.ts';
import { removeFile } from './files/remove-file.ts';
import { writeFile } from './files/write-file.ts';
import { judgeOption } from './judge-option.ts';
import { labs } from './labs.ts';
import { liveSocket } from './live-socket.ts';
import { me } from './me.ts';
import { removeTerminal } from './remove-terminal.ts';
import { removeWorkspace } from './remove-workspace.ts';
import { resetWorkspace } from './reset-workspace.ts';
import { restartQuestion } from './restart-question.ts';
import { retryWorkspace } from './retry-workspace.ts';
import { showHint } from './show-hint.ts';
import { signOut } from './sign-out.ts';
import { startWorkspace } from './start-workspace.ts';
import { terminalSocket } from './terminal-socket.ts';
import { terminalTicket } from './terminal-ticket.ts';
import { workspace } from './workspace.ts';

export { signIn } from './sign-in.ts';

/** Everything that needs somebody to be signed in; each adds one route. */
export const ROUTES: readonly ((server: FastifyInstance, context: ServerContext) => void)[] = [
  me,
  signOut,
  labs,
  startWorkspace,
  workspace,
  resetWorkspace,
  retryWorkspace,
  removeWorkspace,
  chooseLanguage,
  checkStep,
  showHint,
  answerQuestion,
  judgeOption,
  restartQuestion,
  createTerminal,
  removeTerminal,
  terminalTicket,
  listFiles,
  readFile,
  writeFile,
  removeFile,
  makeFolder,
  moveFile,
  explainTask,
  terminalSocket,
  liveSocket,
];
