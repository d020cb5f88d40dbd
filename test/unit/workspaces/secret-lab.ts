/** A lab in which everything that a student must not see says SECRET. */
export const SECRET_LAB = `---
title: Something secret
summary: For tests.
minutes: 5
domain: orchestration
vars:
  size: { pick: [7] }
---

Words <b>with</b> HTML and [a link](javascript:alert(1)).

## First {#first points=2}

Make {{size}} of it.

\`\`\`sh run=master
echo shown {{size}}
\`\`\`

\`\`\`sh solution=master
echo SECRET solution
\`\`\`

\`\`\`sh wrong=master because="SECRET reason"
echo SECRET wrong
\`\`\`

\`\`\`yaml check
- service: SECRET-service
  published: { target: 80, as: port }
\`\`\`

\`\`\`md hint
First hint.
\`\`\`

\`\`\`md hint
SECRET second hint.
\`\`\`

\`\`\`yaml quiz
- id: planet
  ask: Which one is a **planet**?
  options: [Moon, Mars, Sun]
  right: Mars
  because: SECRET because
- id: word
  ask: What is the word?
  answer: SECRET answer
\`\`\`

## Second {#second points=1}

Nothing to check; the port is {{port}}.
`;
