import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import { checkProps, email, type PropChecks, required } from './check-props.ts';

/** Properties of {@link MonthlyBudget}. */
export interface MonthlyBudgetProps {
  /** The limit for one month, in US dollars. */
  readonly limitUsd: number;
  /** Gets a mail when 80 % is spent, and when the forecast for the month exceeds the limit. */
  readonly email: string;
}

const CHECKS: PropChecks<MonthlyBudgetProps> = {
  limitUsd: required('a number of US dollars'),
  email: required('an e-mail address', email),
};

/**
 * Sends a mail before the month costs more than planned. The budget covers the whole account, and stops
 * nothing.
 */
export class MonthlyBudget extends Construct {
  /** The budget. */
  readonly budget: CfnBudget;

  /** @throws Error for a limit that is not above 0 */
  constructor(scope: Construct, id: string, props: MonthlyBudgetProps) {
    super(scope, id);
    checkProps('MonthlyBudget', props, CHECKS);
    const { limitUsd, email: address } = props;
    if (!(limitUsd > 0)) throw new Error(`Expected limitUsd above 0, got ${limitUsd}.`);
    const mail = (
      notificationType: string,
      threshold: number,
    ): CfnBudget.NotificationWithSubscribersProperty => ({
      notification: {
        notificationType,
        threshold,
        comparisonOperator: 'GREATER_THAN',
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address }],
    });
    this.budget = new CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: limitUsd, unit: 'USD' },
      },
      notificationsWithSubscribers: [mail('ACTUAL', 80), mail('FORECASTED', 100)],
    });
  }
}
