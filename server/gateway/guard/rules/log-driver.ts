import { notAllowed } from '../refusal.ts';

/**
 * Drivers that every engine has and that write to the node or send elsewhere. Plugins cannot be installed, so a name that is neither
 * here nor one of the allowed is nobody's, and whoever is asked says so in Docker's words.
 */
const REFUSED = new Set([
  'awslogs',
  'etwlogs',
  'fluentd',
  'gcplogs',
  'gelf',
  'journald',
  'logentries',
  'splunk',
  'syslog',
]);
const OPTIONS = new Set([
  'max-size',
  'max-file',
  'compress',
  'labels',
  'labels-regex',
  'env',
  'env-regex',
  'tag',
  'mode',
  'max-buffer-size',
]);

/** Refuses log drivers that write to the node or send elsewhere, and options that name files of the node. */
export function checkLogDriver(name: string | undefined, options: Readonly<Record<string, string>> | undefined): void {
  if (REFUSED.has(name ?? '')) {
    throw notAllowed(`the log driver ${name}`, 'json-file, local and none are there');
  }
  for (const option of Object.keys(options ?? {})) {
    if (!OPTIONS.has(option))
      throw notAllowed(`the log option ${option}`, `only these are: ${[...OPTIONS].join(', ')}`);
  }
}
