const fence = '```';

/** The part of the authors' page that is written by hand. Its commands, in this order, lead to a proved lab; a test runs them. */
export const GUIDE = `# Writing labs

A lab is one Markdown file. It reads well in any Markdown viewer; what swarmlab makes of it is decided by its headings and by what stands
behind the language of its fenced blocks. This page is made from the schemas and graders themselves (\`npm run docs\`).

## From nothing to a proved lab

${fence}sh
npx swarmlab new my-lab.md --title "My lab" --summary "Create a service and scale it." --minutes 10 --domain orchestration
npx swarmlab lint my-lab.md
npx swarmlab grade my-lab.md --solution
npx swarmlab prove my-lab.md
${fence}

\`new\` writes a lab of two steps that is complete. \`lint\` finds mistakes, each with line, column and what was expected, and smells. \`grade
--solution\` does the lab's own solution on a fresh cluster and checks each step. \`prove\` shows that every check fails before its step and
passes after it, that each wrong solution is refused, and that the solution is refused with any one command left out, any one number or name
changed; what survives is named.

While you write, \`npx swarmlab dev my-lab.md\` serves the page with this lab alone and keeps one cluster. Whenever you save, the page shows the new
text, mistakes and smells are told with their places, and the new checks look at the cluster as it stands; what you have done and answered stays.

## The shape of a file

Front matter between two lines of \`---\`, then an introduction, then a \`##\` heading for each step:

${fence}md
## Create the first service {#first-service points=2}
${fence}

The ID in braces is what \`grade --step\`, scripts and translations call the step; without one the title gives it. A step without \`points\` is
worth one. \`domain=storage\` in the braces says which of the exam's domains the step belongs to, where that is not the lab's own; a question may
say it as well. Reports add points up by domain.

Fenced blocks without a mark behind their language are prose. These are live, and stand at the left margin:

| info string | meaning |
|---|---|
| \`sh run=NODE\` | shown, with a button that types it into that node's terminal; part of the solution |
| \`sh solution=NODE\` | part of the solution, never sent to the page |
| \`sh wrong=NODE because="..."\` | a plausible wrong solution that the checks must refuse; blocks with the same reason belong together |
| \`yaml check\` | what must hold, see the graders below |
| \`yaml quiz\` | questions |
| \`yaml fault\` | what is broken when the step begins |
| \`md hint\` | shown on request, in order |

Shell blocks also take \`for=5s\` (it is ended after that time) or \`until=TEXT\` (it is ended when it has printed this), for what would not end
by itself; \`unchecked="why"\` is the reason why a check need not notice what \`prove\` leaves out or changes in it (a lab is not proved while a
change is survived without one); and every live block takes \`variant=NAME\`.

Each block runs as the student in a fresh Bash in the home folder of its node. After a service has come up the docker client watches it for
five more seconds; \`grade\` and \`prove\` cut that short and say so (\`--real-time\` lets it wait).

## Names

\`vars\` in the front matter gives names to values, drawn by a seed where it says \`pick\` or \`range\`; \`{{name}}\` stands for the value in prose,
commands, checks and questions. A check that finds something may give it a name as well (\`as: port\`), which is known from there on. Docker's own
templates (\`{{.Name}}\`, \`{{json .}}\`) have a dot and are left alone.

## Checks

A check is a mapping whose first key names the grader. It is asked for when the student presses Check, after each step of a script, and at every
change in the live view. Its verdict is *pass*; *not yet*, where the cluster is on its way there by itself; *wrong*, where it is not;
*unobservable*, where it cannot be seen (a foreign cluster tells no requests), which costs nothing; or *error*, which is nobody's failure. Every
verdict says what was expected, what was observed, why, and what to do next.

A check waits 30 seconds unless \`within\` says otherwise, and must hold at the moment when all the others do. Say \`reached\` for something that
has to have been so at some time, \`edge\` for something that has to be seen once, \`never\` for something that must not happen, \`stable\` for
something that has to last, \`already\` for something that holds before the step and must not be broken by it. Something that has to be gone must
have been there when the step began.

## Scripts of students

${fence}sh
# step: first-service
docker service create --name webserver nginx
# step: worker-error
# node: worker1
docker service ls
# answer: worker-way-out = docker node promote
${fence}

Every step begins on the first node again; several options of an answer are separated by \`|\`.

## Labs from elsewhere

${fence}sh
npx swarmlab import my-scenario/
npx swarmlab import my-post.markdown --out my-lab.md
${fence}

make a lab of a Killercoda scenario (a folder with \`index.json\`) or of a post of the Play with Docker site: its text, what can be clicked to run
as \`sh run=NODE\` blocks, verify scripts as \`script\` checks, set-up scripts as faults, quizzes as questions. What has no exact counterpart is
listed with its place, and so is what \`lint\` says of the result.

## Exams

\`exam\` in the front matter makes a lab an exam: its questions are a pool, from which each candidate gets as many multiple choice and DOMC
questions as it says, drawn by the seed and shared out among the domains as in the real exam; every question needs \`options\`. Each is worth a
point unless it says otherwise. Steps with checks are tasks to do by hand, and everybody gets them. An exam is passed by a share of its points
instead of by every step, and has no hints. \`prove\` tries the whole pool.

## Translations

\`my-lab.es.md\` beside \`my-lab.md\` translates it: front matter with title and summary, and \`##\` headings with the same step IDs. In a step,
\`sh run=NODE\` stands for the original's next block of commands and is empty, so that commands are written once; \`yaml quiz\` gives each
question's \`ask\`, all its \`options\` in the original's order, further \`answer\`s and \`because\`, by the question's ID; \`yaml check\` gives the
titles of checks, each as \`title in the original: title here\`; \`md hint\` replaces the original's hints. A step or question that it does not have is shown in the original's words, and checks, solutions, faults and points are
always the original's, so a translation can fall behind but never grade differently. Answers count in either language. \`lint\` tells what is
not translated; \`prove\` and \`grade\` take the name of a translation for that of its lab.

\`${fence}md
## El primer servicio {#first-service}

Crea un servicio:

\`\`\`sh run=master
\`\`\`

\`\`\`yaml quiz
- id: port-choice
  ask: ¿Cómo se elige el puerto?
  options: [al azar, el más bajo]
\`\`\`
\`${fence}`;
