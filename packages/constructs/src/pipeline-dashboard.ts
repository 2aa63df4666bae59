import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { pipelineMetrics } from './pipeline-metrics.ts';
import type { QueueWorkerService } from './queue-worker-service.ts';
import type { UploadCopy } from './upload-copy.ts';

/** Properties of {@link PipelineDashboard}. */
export interface PipelineDashboardProps {
  /** The queue that the workers work on. */
  readonly jobs: IQueue;
  /** Where jobs end that cannot be processed. @default - not shown */
  readonly jobDeadLetters?: IQueue | undefined;
  /** Whose calls and errors are shown. */
  readonly upload: UploadCopy;
  /** Whose tasks are shown. */
  readonly workers: QueueWorkerService;
  /** Their states are shown on top. */
  readonly alarms: Alarm[];
  /** Gets the widgets, below its own. @default - a new dashboard */
  readonly dashboard?: Dashboard | undefined;
}

/** One page of CloudWatch: alarms, work, tasks, copies. */
export class PipelineDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    super(scope, id);
    const metrics = pipelineMetrics(props);
    const { waitingJobs, jobsInFlight, deadLetters, runningTasks, workPerTask } = metrics;
    this.dashboard = props.dashboard ?? new Dashboard(this, 'Dashboard');
    this.dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 24 }),
    );
    this.dashboard.addWidgets(
      graph(
        'Jobs; right: running tasks, and needed ÷ running',
        [waitingJobs, jobsInFlight, ...(deadLetters === undefined ? [] : [deadLetters])],
        [runningTasks, workPerTask],
      ),
      graph('Age of the oldest job, seconds', [metrics.oldestJobAge]),
    );
    this.dashboard.addWidgets(
      graph('Worker CPU and memory, %', [metrics.cpuUtilization, metrics.memoryUtilization]),
      graph('Copies', [metrics.copies, metrics.copyErrors]),
    );
  }
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left, right, width: 12 });
}
