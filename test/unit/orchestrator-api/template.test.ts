import { expect, test } from 'vitest';
import { expandContainerSpec } from '../../../server/orchestrator/template/expand-container.ts';
import { expandTemplate, type TemplateContext } from '../../../server/orchestrator/template/template.ts';

const context: TemplateContext = {
  Service: { ID: 's1', Name: 'web', Labels: { tier: 'front', 'a.b': 'c' } },
  Node: { ID: 'n1', Hostname: 'worker1', Platform: { Architecture: 'x86_64', OS: 'linux' } },
  Task: { ID: 't1', Name: 'web.1.t1', Slot: '1' },
};

test.each([
  ['plain', 'plain'],
  ['{{.Service.Name}}-{{.Task.Slot}}', 'web-1'],
  ['{{ .Node.Platform.OS }}/{{.Node.Platform.Architecture}}', 'linux/x86_64'],
  ['{{index .Service.Labels "a.b"}}', 'c'],
  ['{{index .Service.Labels "none"}}', ''],
  ['{{.Service.Labels}}', 'map[a.b:c tier:front]'],
  ['{{.Service.Labels.tier}}', 'front'],
  ['{{.Service.Labels.none}}', '<no value>'],
  ['{{.Service.Name | upper}}', 'WEB'],
  ['{{join (split .Task.Name ".") "-"}}', 'web-1-t1'],
  ['{{upper (index .Service.Labels "tier") | lower}}', 'front'],
  ['a {{- /* nothing */ -}} b', 'ab'],
  ['a  {{- .Task.Slot -}}  b', 'a1b'],
  ['{{.Node.Platform}}', '{x86_64 linux}'],
])('%s', (text, expected) => {
  expect(expandTemplate(text, context)).toBe(expected);
});

test.each([
  [
    '{{.Foo}}',
    `template: expansion:1:2: executing "expansion" at <.Foo>: can't evaluate field Foo in type *template.Context`,
  ],
  [
    '{{.Node.Platform.CPU}}',
    `template: expansion:1:16: executing "expansion" at <.Node.Platform.CPU>: can't evaluate field CPU in type template.Platform`,
  ],
  ['{{foo}}', 'template: expansion:1: function "foo" not defined'],
  ['{{}}', 'template: expansion:1: missing value for command'],
  ['a {{.Service.Name', 'template: expansion:1: unclosed action'],
  [
    'a\nb {{.Foo}}',
    `template: expansion:2:4: executing "expansion" at <.Foo>: can't evaluate field Foo in type *template.Context`,
  ],
])('%s is refused', (text, message) => {
  expect(() => expandTemplate(text, context)).toThrow(message);
});

test('templates work in environment, hostname and mounts, and nowhere else', () => {
  const name = '{{.Service.Name}}';
  const expanded = expandContainerSpec(
    {
      Image: name,
      Hostname: name,
      Env: [`${name}=${name}`, name],
      Mounts: [
        {
          Type: 'volume',
          Source: name,
          Target: `/${name}`,
          VolumeOptions: { Labels: { [name]: name }, DriverConfig: { Options: { o: name } } },
        },
      ],
    },
    context,
  );
  expect(expanded).toEqual({
    Image: name,
    Hostname: 'web',
    Env: [`${name}=web`, name],
    Mounts: [
      {
        Type: 'volume',
        Source: 'web',
        Target: '/web',
        VolumeOptions: { Labels: { [name]: 'web' }, DriverConfig: { Options: { o: 'web' } } },
      },
    ],
  });
});
