import { describe, expect, it } from 'vitest';
import { missingCapabilities, nodePrivileges } from '../../../server/clusters/provisioning/privileges.ts';

const status = (bounding: string) => `Name:\tnode\nCapPrm:\t0000000000000000\nCapBnd:\t${bounding}\n`;

describe('privileges of a node', () => {
  it('are all of them on a machine that has every capability', () => {
    expect(missingCapabilities(status('000001ffffffffff'))).toEqual([]);
    expect(nodePrivileges([])[0]).toMatchObject({ Privileged: true });
  });

  it('leave out what the machine lacks, which --privileged would be refused for', () => {
    expect(missingCapabilities(status('000001fffeffffff'))).toEqual(['SYS_RESOURCE']);
    expect(nodePrivileges(['SYS_RESOURCE'])[0]).toMatchObject({ CapAdd: ['ALL'], CapDrop: ['SYS_RESOURCE'] });
  });

  it('are tried every way there is before giving up', () => {
    for (const missing of [[], ['SYS_RESOURCE']]) {
      const ways = nodePrivileges(missing).map(({ Privileged, CapDrop }) =>
        Privileged ? 'privileged' : (CapDrop ?? 'all'),
      );
      expect(ways).toHaveLength(3);
      expect(ways).toEqual(expect.arrayContaining(['privileged', ['SYS_RESOURCE'], 'all']));
    }
  });

  it('never let a node leave cgroups behind on the machine', () => {
    for (const privilege of nodePrivileges([])) expect(privilege.CgroupnsMode).toBe('private');
  });
});
