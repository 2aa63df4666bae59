#!/usr/bin/env bash
# Checks whether wordfreq-lab.template.json can be deployed in this account and Region, and says what is missing and how to get it. Needs the
# AWS CLI with credentials; CloudShell has both.
#
#   preflight.sh             only checks, and changes nothing
#   preflight.sh --create    also creates the service-linked roles that are missing
#
# ROLE, IMAGE_REPOSITORY, IMAGE_TAG and STACK name something other than LabRole, wordfreq-worker, the newest image and WordFreq.
# The exit code is 1 if something is missing.
set -uo pipefail

role=${ROLE:-LabRole}
repository=${IMAGE_REPOSITORY:-wordfreq-worker}
stack=${STACK:-WordFreq}
missing=0

good() { printf '✔ %s\n' "$1"; }
note() { printf -- '– %s\n    %s\n' "$1" "$2"; }
bad() {
  missing=$((missing + 1))
  printf '✗ %s\n    %s\n' "$1" "$2"
}

case "${1-}" in
  '' | --create) ;;
  *)
    printf 'Expected nothing or --create, got %s.\n' "$1" >&2
    exit 2
    ;;
esac

if ! command -v aws >/dev/null; then
  bad 'the AWS CLI is not installed' 'Open CloudShell, which has it, or see https://aws.amazon.com/cli/.'
  exit 1
fi

if identity=$(aws sts get-caller-identity --query '[Account, Arn]' --output text 2>&1); then
  good "account and user: ${identity//$'\t'/, }"
else
  bad "no valid credentials: ${identity##*$'\n'}" 'Start the lab and open CloudShell, or copy the credentials from "AWS Details".'
  exit 1
fi

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}
case "$region" in
  '')
    bad 'no Region is set' 'export AWS_REGION=us-east-1'
    exit 1
    ;;
  us-east-1 | us-west-2) good "Region: $region" ;;
  *) note "Region: $region" 'A lab may allow us-east-1 and us-west-2 only. If it does: export AWS_REGION=us-east-1' ;;
esac

# Which services may assume the role: without ECS no task starts, without Lambda no upload is copied.
query='Role.AssumeRolePolicyDocument.Statement[].Principal.Service[]'
list='Role.AssumeRolePolicyDocument.Statement[].Principal.Service'
if trusted=$(aws iam get-role --role-name "$role" --query "[$query, $list][]" --output text 2>&1); then
  for service in ecs-tasks lambda; do
    case "$trusted" in
      *"$service.amazonaws.com"*) good "$role may be used by $service" ;;
      *) bad "$role may not be used by $service.amazonaws.com" 'Nobody but its owner can change that: ask whoever gave you the account, or name another role by ROLE.' ;;
    esac
  done
  case "$trusted" in
    *backup.amazonaws.com*) ;;
    *) note "$role may not be used by AWS Backup" 'Nothing to do: this template makes no backups beyond point-in-time recovery.' ;;
  esac
else
  bad "the role $role cannot be read: ${trusted##*$'\n'}" 'Name the role that you may use: ROLE=… preflight.sh'
fi

# AWS creates these at first use, where the first try may fail: the first cluster of an account is refused without the first one.
slr() {
  local service=$1 name=$2 said
  if aws iam get-role --role-name "$name" >/dev/null 2>&1; then
    good "$name is there"
  elif [ "${create-}" = yes ]; then
    if said=$(aws iam create-service-linked-role --aws-service-name "$service" 2>&1); then
      good "$name is there now"
    else
      case "$said" in
        *'has been taken'*) good "$name is there" ;;
        *) bad "$name could not be created: ${said##*$'\n'}" 'Deploy anyway: AWS creates it at first use. If that fails, delete the stack and deploy again.' ;;
      esac
    fi
  else
    bad "$name is not there" "aws iam create-service-linked-role --aws-service-name $service, or run this with --create"
  fi
}
[ "${1-}" = --create ] && create=yes
slr ecs.amazonaws.com AWSServiceRoleForECS
slr ecs.application-autoscaling.amazonaws.com AWSServiceRoleForApplicationAutoScaling_ECSService

# Without the image the first task cannot start, and the stack is rolled back.
account=${identity%%$'\t'*}
registry="$account.dkr.ecr.$region.amazonaws.com"
if ! aws ecr describe-repositories --repository-names "$repository" >/dev/null 2>&1; then
  bad "there is no ECR repository $repository" "aws ecr create-repository --repository-name $repository"
else
  tags=$(aws ecr describe-images --repository-name "$repository" --query 'sort_by(imageDetails, &imagePushedAt)[].imageTags[]' --output text 2>/dev/null)
  wanted=${IMAGE_TAG:-${tags##*$'\t'}}
  case "$(printf '\t%s\t' "$tags")" in
    *$'\t'"$wanted"$'\t'*) [ -n "$wanted" ] && good "the image is there: $registry/$repository:$wanted" ;;
    *) bad "$repository has no image with the tag $wanted" "docker push $registry/$repository:$wanted" ;;
  esac
  [ -n "$wanted" ] || bad "$repository is empty" "docker push $registry/$repository:<version>"
fi

state=$(aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].StackStatus' --output text 2>/dev/null)
case "$state" in
  '') good "no stack $stack yet" ;;
  ROLLBACK_COMPLETE | ROLLBACK_FAILED | DELETE_FAILED)
    bad "the stack $stack is left from a deployment that failed ($state)" "aws cloudformation delete-stack --stack-name $stack"
    ;;
  *) good "the stack $stack is $state and will be updated" ;;
esac

if [ "$missing" -gt 0 ]; then
  printf '%s missing.\n' "$missing"
  exit 1
fi
printf 'Ready to deploy.\n'
