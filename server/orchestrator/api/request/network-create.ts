import { goAny, goBool, goList, goMap, goString, goStruct } from './go-json.ts';

const fields = {
  Name: goString(),
  CheckDuplicate: goAny('bool'),
  Driver: goString(),
  Scope: goString(),
  EnableIPv6: goBool(),
  IPAM: goStruct('network.IPAM', {
    Driver: goString(),
    Options: goMap(goString()),
    Config: goList(
      goStruct('network.IPAMConfig', {
        Subnet: goString(),
        IPRange: goString(),
        Gateway: goString(),
        AuxiliaryAddresses: goMap(goString()),
      }),
    ),
  }),
  Internal: goBool(),
  Attachable: goBool(),
  Ingress: goBool(),
  ConfigOnly: goBool(),
  ConfigFrom: goStruct('network.ConfigReference', { Network: goString() }),
  Options: goMap(goString()),
  Labels: goMap(goString()),
};

/** The body of POST /networks/create. All but the name is embedded from a struct of its own. */
export const networkCreateRequest = goStruct(
  'types.NetworkCreateRequest',
  fields,
  Object.fromEntries(Object.keys(fields).flatMap((field) => (field === 'Name' ? [] : [[field, 'NetworkCreate']]))),
);
