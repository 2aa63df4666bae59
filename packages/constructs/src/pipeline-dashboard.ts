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
  /** The queue that the workers consume. */
  readonly jobs: IQueue;
  /** The dead-letter queue of the jobs. @default - not shown */
  readonly jobDeadLetters?: IQueue | undefined;
  /** The copying of uploads, whose invocations and errors are shown. @default - not shown */
  readonly upload?: UploadCopy | undefined;
  /** The workers, whose tasks are shown. */
  readonly workers: QueueWorkerService;
  /** The alarms whose states are shown at the top. */
  readonly alarms: Alarm[];
  /** An existing dashboard, which gets the widgets below its own. @default - a new dashboard */
  readonly dashboard?: Dashboard | undefined;
}

/** A CloudWatch dashboard: alarms, jobs, tasks, copies. */
export class PipelineDashboard extends Construct {
  /** The dashboard: the given one, or a new one. */
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    super(scope, id);
    const metrics = pipelineMetrics(props);
    const { waitingJobs, jobsInFlight, deadLetters, runningTasks, workPerTask, copies, copyErrors } = metrics;
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
      ...(copies === undefined || copyErrors === undefined ? [] : [graph('Copies', [copies, copyErrors])]),
    );
  }
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left, right, width: 12 });
}
