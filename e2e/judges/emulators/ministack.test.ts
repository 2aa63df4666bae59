import { judgeDataPath } from './judge-data-path.ts';

judgeDataPath('ministack');
