#!/usr/bin/env bash
# Deletes a stack of wordfreq and what it keeps: buckets with all versions, the table, the backup vault. Nothing brings them back.
#
#   remove.sh [--yes] [stack]      the stack is WordFreq if none is named; --yes does not ask
set -euo pipefail

yes=no
if [ "${1-}" = --yes ]; then
  yes=yes
  shift
fi
stack=${1:-WordFreq}

types='ResourceType==`AWS::S3::Bucket` || ResourceType==`AWS::DynamoDB::GlobalTable` || ResourceType==`AWS::DynamoDB::Table` || ResourceType==`AWS::Backup::BackupVault`'
kept=$(aws cloudformation list-stack-resources --stack-name "$stack" \
  --query "StackResourceSummaries[?$types].[ResourceType, PhysicalResourceId]" --output text)
printf 'The stack %s and everything in:\n%s\n' "$stack" "$kept"
if [ "$yes" = no ]; then
  read -r -p "Delete all of it? Type the stack's name: " typed
  [ "$typed" = "$stack" ] || exit 1
fi

named() { awk -v type="$1" '$1 ~ "^" type "$" { print $2 }' <<<"$kept"; }

aws cloudformation delete-stack --stack-name "$stack"
aws cloudformation wait stack-delete-complete --stack-name "$stack"

for table in $(named 'AWS::DynamoDB::(Global)?Table'); do
  aws dynamodb update-table --table-name "$table" --no-deletion-protection-enabled >/dev/null
  aws dynamodb delete-table --table-name "$table" >/dev/null
  printf 'deleted the table %s\n' "$table"
done

# Versions and delete markers, at most 1,000 in a request. The bucket of logs may get some more while it is emptied.
empty() {
  local fields='{Key: Key, VersionId: VersionId}' objects
  while :; do
    objects=$(aws s3api list-object-versions --bucket "$1" --max-items 1000 --output json \
      --query "{Objects: [Versions[].$fields, DeleteMarkers[].$fields][] | [?@ != null], Quiet: \`true\`}")
    [[ $objects == *VersionId* ]] || break
    aws s3api delete-objects --bucket "$1" --delete "$objects" >/dev/null
  done
}
for bucket in $(named AWS::S3::Bucket); do
  empty "$bucket"
  aws s3api delete-bucket --bucket "$bucket" || { empty "$bucket" && aws s3api delete-bucket --bucket "$bucket"; }
  printf 'deleted the bucket %s\n' "$bucket"
done

for vault in $(named AWS::Backup::BackupVault); do
  for point in $(aws backup list-recovery-points-by-backup-vault --backup-vault-name "$vault" \
    --query 'RecoveryPoints[].RecoveryPointArn' --output text); do
    aws backup delete-recovery-point --backup-vault-name "$vault" --recovery-point-arn "$point"
  done
  aws backup delete-backup-vault --backup-vault-name "$vault"
  printf 'deleted the vault %s\n' "$vault"
done
