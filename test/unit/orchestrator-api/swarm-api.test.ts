import { X509Certificate } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { createRootCa } from '../../../server/orchestrator/membership/certificates/root-ca.ts';
import { certificateDigest, parseJoinToken } from '../../../server/orchestrator/membership/tokens.ts';
import { TestFleet } from './test-fleet.ts';

type Swarm = {
  Version: { Index: number };
  Spec: Record<string, object>;
  TLSInfo: { TrustRoot: string; CertIssuerSubject: string; CertIssuerPublicKey: string };
  JoinTokens: { Worker: string; Manager: string };
};

let fleet: TestFleet;
beforeEach(async () => {
  fleet = new TestFleet();
  await fleet.swarm();
});

const inspect = () => fleet.control().swarm.inspect() as Swarm;
const update = (change: object, query: object = {}) =>
  fleet
    .control()
    .swarm.update({ ...inspect().Spec, ...change }, { version: String(inspect().Version.Index), ...query });

test('a new swarm is as Docker makes it', () => {
  expect(inspect()).toMatchObject({
    Spec: {
      Name: 'default',
      Labels: {},
      Orchestration: { TaskHistoryRetentionLimit: 5 },
      Raft: {
        SnapshotInterval: 10_000,
        KeepOldSnapshots: 0,
        LogEntriesForSlowFollowers: 500,
        ElectionTick: 10,
        HeartbeatTick: 1,
      },
      Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
      CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
      TaskDefaults: {},
      EncryptionConfig: { AutoLockManagers: false },
    },
    RootRotationInProgress: false,
    DefaultAddrPool: null,
    SubnetSize: 24,
    DataPathPort: 4789,
  });
});

test('its root certificate is a real one, which signs itself and is in every token', () => {
  const { TLSInfo, JoinTokens } = inspect();
  const certificate = new X509Certificate(TLSInfo.TrustRoot);
  expect([certificate.subject, certificate.ca, certificate.verify(certificate.publicKey)]).toEqual([
    'CN=swarm-ca',
    true,
    true,
  ]);
  expect(new Date(certificate.validTo).getUTCFullYear() - new Date(certificate.validFrom).getUTCFullYear()).toBe(20);
  expect(certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')).toBe(
    TLSInfo.CertIssuerPublicKey,
  );
  expect(Buffer.from(TLSInfo.CertIssuerSubject, 'base64').toString('latin1')).toContain('swarm-ca');
  for (const token of Object.values(JoinTokens))
    expect(parseJoinToken(token)?.digest).toBe(certificateDigest(TLSInfo.TrustRoot));
});

test('an update changes the spec, and leaves alone what it is not asked to rotate', async () => {
  const before = inspect();
  await update({ Orchestration: { TaskHistoryRetentionLimit: 1 }, Labels: { a: 'b' } });
  expect(inspect()).toMatchObject({
    Spec: { Orchestration: { TaskHistoryRetentionLimit: 1 }, Labels: { a: 'b' } },
    JoinTokens: before.JoinTokens,
    TLSInfo: before.TLSInfo,
  });
});

test('what an update leaves out is nothing', async () => {
  await fleet.control().swarm.update({ Name: 'default' }, { version: String(inspect().Version.Index) });
  expect(inspect().Spec).toEqual({
    Name: 'default',
    Labels: {},
    Orchestration: { TaskHistoryRetentionLimit: 0 },
    Raft: { KeepOldSnapshots: 0, ElectionTick: 0, HeartbeatTick: 0 },
    Dispatcher: {},
    CAConfig: {},
    TaskDefaults: {},
    EncryptionConfig: { AutoLockManagers: false },
  });
});

test.each([
  [{ Name: 'mine' }, 'swarm spec must be named "default"'],
  [{ CAConfig: { ExternalCAs: [{ Protocol: 'x' }] } }, 'invalid protocol: "x"'],
  [
    { CAConfig: { SigningCACert: 'x', SigningCAKey: 'y' } },
    'rpc error: code = InvalidArgument desc = if a signing CA key is provided, the signing CA cert must also be provided',
  ],
  [
    { CAConfig: { NodeCertExpiry: 5 } },
    'rpc error: code = InvalidArgument desc = minimum certificate expiry time is: 1h0m0s',
  ],
  [
    { Dispatcher: { HeartbeatPeriod: -5 } },
    'rpc error: code = InvalidArgument desc = heartbeat time period cannot be a negative duration',
  ],
])('%j is refused: %s', async (change, message) => {
  await expect(update(change)).rejects.toMatchObject({ status: 400, message });
});

test('an update must know the version that it changes', async () => {
  await expect(update({}, { version: '999' })).rejects.toMatchObject({
    status: 500,
    message: 'rpc error: code = Unknown desc = update out of sequence',
  });
  await expect(update({}, { version: 'x' })).rejects.toMatchObject({
    status: 400,
    message: 'invalid swarm version \'x\': strconv.ParseUint: parsing "x": invalid syntax',
  });
});

test('each token is rotated by itself', async () => {
  const before = inspect().JoinTokens;
  await update({}, { rotateManagerToken: true });
  expect(inspect().JoinTokens.Worker).toBe(before.Worker);
  expect(inspect().JoinTokens.Manager).not.toBe(before.Manager);
});

test('a root certificate can be made anew or brought along; tokens keep their secrets', async () => {
  const before = inspect();
  await update({ CAConfig: { ...before.Spec.CAConfig, ForceRotate: 1 } });
  const rotated = inspect();
  expect(rotated.TLSInfo.TrustRoot).not.toBe(before.TLSInfo.TrustRoot);
  expect(rotated.JoinTokens.Worker).not.toBe(before.JoinTokens.Worker);
  expect(rotated.JoinTokens.Worker.slice(-25)).not.toBe(before.JoinTokens.Worker.slice(-25));
  const own = createRootCa(fleet.clock.now());
  await update({ CAConfig: { SigningCACert: own.certificate, SigningCAKey: own.key, ForceRotate: 2 } });
  expect(inspect().TLSInfo.TrustRoot).toBe(own.certificate);
  expect(JSON.stringify(inspect())).not.toContain('PRIVATE KEY');
  expect(inspect().Spec.CAConfig).not.toHaveProperty('SigningCACert');
  const [third, other] = [createRootCa(fleet.clock.now()), createRootCa(fleet.clock.now())];
  await expect(
    update({ CAConfig: { SigningCACert: third.certificate, SigningCAKey: other.key } }),
  ).rejects.toMatchObject({ status: 400 });
});

test('external authorities are kept, a default log driver is not', async () => {
  await update({
    TaskDefaults: { LogDriver: { Name: 'syslog' } },
    CAConfig: { ExternalCAs: [{ Protocol: 'CFSSL', URL: 'https://ca.example' }] },
  });
  expect(inspect().Spec).toMatchObject({
    TaskDefaults: {},
    CAConfig: { ExternalCAs: [{ Protocol: 'cfssl', URL: 'https://ca.example', CACert: '' }] },
  });
});
