export { BacklogScaling, type BacklogScalingOptions, type BacklogScalingProps } from './backlog-scaling.ts';
export { BucketToQueue, type BucketToQueueOptions, type BucketToQueueProps } from './bucket-to-queue.ts';
export type { CountingOptions, WordList } from './counting-options.ts';
export { ExistingRoles, type ExistingRolesProps, type RolePurpose } from './existing-roles.ts';
export { MonthlyBudget, type MonthlyBudgetProps } from './monthly-budget.ts';
export { NativeBucketNotifications, type NotificationFilter } from './native-bucket-notifications.ts';
export { PageLoadBalancer } from './page-load-balancer.ts';
export type {
  PageLoadBalancerOptions,
  PageLoadBalancerProps,
  PageSignIn,
} from './page-load-balancer-props.ts';
export { PipelineAlarms, type PipelineAlarmsProps } from './pipeline-alarms.ts';
export { PipelineDashboard, type PipelineDashboardProps } from './pipeline-dashboard.ts';
export type { PipelineMetrics } from './pipeline-metrics.ts';
export { QueueWorkerService } from './queue-worker-service.ts';
export type {
  ContainerOverrides,
  QueueWorkerOptions,
  QueueWorkerServiceProps,
  ServiceOverrides,
} from './queue-worker-service-props.ts';
export { ResultStore, type ResultStoreProps, type TableOverrides } from './result-store.ts';
export { TableBackup } from './table-backup.ts';
export type { TableBackupOptions, TableBackupProps } from './table-backup-props.ts';
export { UploadCopy } from './upload-copy.ts';
export type { UploadCopyOptions, UploadCopyProps } from './upload-copy-props.ts';
export { WordFreqPipeline } from './wordfreq-pipeline.ts';
export type { WordFreqPipelineProps } from './wordfreq-pipeline-props.ts';
export { type RequiredPermissions, WorkRole, type WorkRoleProps } from './work-role.ts';
export { type BoundImage, type ImageBuildOptions, WorkerImage } from './worker-image.ts';
export { type NetworkMode, WorkerNetwork, type WorkerNetworkProps } from './worker-network.ts';
