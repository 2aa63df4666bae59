import { CreateTableCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';

const NAME = 'peer-results';

/** The table of the worker that ours is compared with: its records are not ours, so they have their own. */
interface PeerTable {
  readonly name: string;
  /** The words of each record by its key, as `the 12`. */
  words(): Promise<Record<string, readonly string[]>>;
  stop(): void;
}

/** Creates the table in the embedded DynamoDB. */
export async function createPeerTable(environment: Readonly<Record<string, string>>): Promise<PeerTable> {
  const client = new DynamoDBClient({
    endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
    region: environment['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  await client.send(
    new CreateTableCommand({
      TableName: NAME,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'object', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'object', KeyType: 'HASH' }],
    }),
  );
  return {
    name: NAME,
    async words() {
      const words: Record<string, readonly string[]> = {};
      for await (const { Items = [] } of paginateScan({ client }, { TableName: NAME })) {
        for (const { result } of Items) {
          const record = JSON.parse(result?.S ?? '') as PeerRecord;
          words[record.key] = record.words.map(([word, count]) => `${word} ${count}`);
        }
      }
      return words;
    },
    stop: () => client.destroy(),
  };
}

/** What the peer writes, as far as it is read here. */
interface PeerRecord {
  readonly key: string;
  readonly words: readonly (readonly [word: string, count: number])[];
}
