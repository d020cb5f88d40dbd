import { expect, test } from 'vitest';
import { compareResults } from '../../conformance/compare-results.ts';
import { readPytest } from '../../conformance/docker-py.ts';
import { readMocha } from '../../conformance/dockerode.ts';
import type { Results } from '../../conformance/suite.ts';

const PYTEST = `
============================= test session starts ==============================
tests/integration/api_swarm_test.py::SwarmTest::test_init PASSED         [  1%]
tests/integration/api_swarm_test.py::SwarmTest::test_join SKIPPED (Test
stalls the engine)                                                       [  2%]
tests/integration/api_swarm_test.py::SwarmTest::test_leave FAILED        [  3%]
tests/integration/api_swarm_test.py::SwarmTest::test_log XFAIL (not yet) [  4%]
tests/integration/api_swarm_test.py::SwarmTest::test_unlock PASSED       [  5%]
tests/integration/api_swarm_test.py::SwarmTest::test_unlock ERROR        [  5%]
=================================== FAILURES ===================================
FAILED tests/integration/api_swarm_test.py::SwarmTest::test_leave - docker.errors.APIError: 503
`;

test("pytest's lines give each test's outcome; one that cannot clean up has failed", () => {
  const short = [...readPytest(PYTEST)].map(([name, outcome]) => [name.split('::').at(-1), outcome]);
  expect(Object.fromEntries(short)).toEqual({
    test_init: 'passed',
    test_join: 'other',
    test_leave: 'failed',
    test_log: 'other',
    test_unlock: 'failed',
  });
});

test("mocha's report is found behind what the tests print", () => {
  const report = {
    passes: [{ fullTitle: '#swarm should init' }],
    pending: [],
    failures: [{ fullTitle: '#swarm should leave', err: { message: 'timeout' } }],
  };
  const read = readMocha(`Trying TCP connection...\n${JSON.stringify(report, undefined, 2)}`);
  expect([...(read?.results ?? [])]).toEqual([
    ['#swarm should init', 'passed'],
    ['#swarm should leave', 'failed'],
  ]);
  expect(read?.reasons).toEqual(['FAILED #swarm should leave - timeout']);
  expect(readMocha('no report at all')).toBeUndefined();
});

test('a difference is what one side passes and the other does not, a test that never ran included', () => {
  const real: Results = new Map([
    ['a', 'passed'],
    ['b', 'passed'],
    ['c', 'failed'],
  ]);
  const ours: Results = new Map([
    ['a', 'passed'],
    ['c', 'passed'],
  ]);
  expect(compareResults(real, ours)).toEqual({ lost: ['b'], gained: ['c'] });
});
