import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueWorkerService } from './queue-worker-service.ts';
import type { UploadCopy } from './upload-copy.ts';

/** Properties of {@link PipelineDashboard}. */
export interface PipelineDashboardProps {
  readonly jobs: IQueue;
  /** @default - not shown */
  readonly jobDeadLetters?: IQueue | undefined;
  readonly upload: UploadCopy;
  readonly workers: QueueWorkerService;
  readonly alarms: Alarm[];
}

/** One page of CloudWatch: alarms, work, tasks, copies. */
export class PipelineDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    super(scope, id);
    const { jobs, jobDeadLetters, upload, workers, alarms } = props;
    const { scaling, service } = workers;
    this.dashboard = new Dashboard(this, 'Dashboard');
    this.dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24 }));
    const visible = jobs.metricApproximateNumberOfMessagesVisible();
    const inFlight = jobs.metricApproximateNumberOfMessagesNotVisible();
    const dead = jobDeadLetters?.metricApproximateNumberOfMessagesVisible();
    this.dashboard.addWidgets(
      graph(
        'Jobs; right: age of the oldest, seconds',
        [visible, inFlight, ...(dead === undefined ? [] : [dead])],
        [jobs.metricApproximateAgeOfOldestMessage()],
      ),
      graph('Tasks; right: needed ÷ running', [scaling.runningTasks], [scaling.workPerTask]),
    );
    this.dashboard.addWidgets(
      graph('Worker CPU and memory, %', [service.metricCpuUtilization(), service.metricMemoryUtilization()]),
      graph('Copies', [upload.function.metricInvocations(), upload.function.metricErrors()]),
    );
  }
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left, right, width: 12 });
}
