export { parseAnnouncement } from './parse-announcement.ts';
export { type CreatedObject, type S3Event, type S3EventRecord, s3EventFor } from './s3-event-for.ts';
