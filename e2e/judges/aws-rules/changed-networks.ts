/** An update creates new subnets before it deletes old ones, so they must not have the same addresses. */
import type { DeployedTemplate } from './deployed-template.ts';

/** Subnets that an update from one template to the other would create with addresses of existing ones. */
export function judgeChange(from: DeployedTemplate, to: DeployedTemplate): string[] {
  const old = rangesOf(from);
  return [...rangesOf(to)].flatMap(([id, range]) => {
    if (old.get(id)?.text === range.text) return [];
    const inTheWay = [...old].filter(([, one]) => one.first <= range.last && range.first <= one.last);
    return inTheWay.map(([other, { text }]) => `${id} wants ${range.text} while ${other} still has ${text}`);
  });
}

interface Range {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

function rangesOf(template: DeployedTemplate): Map<string, Range> {
  return new Map(
    template.ofType('AWS::EC2::Subnet').map(([id, { CidrBlock }]) => {
      const text = String(CidrBlock);
      const [address = '', bits] = text.split('/');
      const first = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
      return [id, { text, first, last: first + 2 ** (32 - Number(bits)) - 1 }];
    }),
  );
}
