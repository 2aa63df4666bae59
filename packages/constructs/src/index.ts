export { BucketToQueue, type BucketToQueueProps } from './bucket-to-queue.ts';
export { NativeBucketNotifications, type NotificationFilter } from './native-bucket-notifications.ts';
