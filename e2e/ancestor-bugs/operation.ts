import { ADAPTERS, type AncestorBug, CONTRACTS, DYNAMODB } from './ancestor-bug.ts';

export const OPERATION: readonly AncestorBug[] = [
  {
    number: 23,
    kind: 'operation',
    bug: 'Looks through queues with a visibility of 0: a busy loop that reads the same messages again and again, and counts receives towards the dead letters.',
    instead: 'Waits for results in the table; looks at dead letters with a loan that it gives back.',
    reintroductions: [
      {
        file: `${ADAPTERS}/src/sqs/dead-letters.ts`,
        from: 'visibilitySeconds: VISIBILITY_SECONDS,',
        to: 'visibilitySeconds: VISIBILITY_SECONDS * 0,',
        test: { file: CONTRACTS, name: 'lets a person look at dead letters without taking them away' },
      },
    ],
  },
  {
    number: 24,
    kind: 'operation',
    bug: 'Makes a table with a capacity of one write per second.',
    instead: 'The table is billed per request: it takes what comes and costs nothing when idle.',
    reintroductions: [
      {
        file: `${ADAPTERS}/src/dynamodb/table.ts`,
        from: "BillingMode: 'PAY_PER_REQUEST',",
        to: "BillingMode: 'PROVISIONED',\n    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },",
        test: {
          file: DYNAMODB,
          name: 'describes the table that deployed stacks have: a change of this is a migration',
        },
      },
    ],
  },
  {
    number: 25,
    kind: 'operation',
    bug: 'Has no tests, and an image of a language version that is long out of support.',
    instead:
      'This table: each row of it is a test that is seen to fail. The Node version is pinned in the repository, and tests run on it.',
    reintroductions: [],
  },
];
