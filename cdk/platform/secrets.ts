import { RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'

/**
 * Secrets live in Secrets Manager. The provider's keys are filled in by hand once (`{"secretKey":"…","webhookSecret":"…"}`)
 * and read at run time by the functions that pay.
 */
export class Secrets {
  readonly #stack: Stack
  readonly #stripe: Secret
  readonly #messages: Secret

  constructor(stack: Stack) {
    this.#stack = stack
    this.#stripe = new Secret(stack, 'StripeSecrets', {
      description: 'Keys of the payment provider: fill in secretKey and webhookSecret',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ secretKey: '', webhookSecret: '' }),
        generateStringKey: 'unused',
      },
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.#messages = new Secret(stack, 'MessageSecrets', {
      description: 'Mail server and message gateway: fill in smtpUrl and mailFrom, or hookUrl and hookSecret, or none',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ smtpUrl: '', mailFrom: '', hookUrl: '', hookSecret: '' }),
        generateStringKey: 'unused',
      },
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }

  /** How messages leave the app: empty means that channel is off. Read by the functions that send them, and by no other. */
  get messagesArn(): string {
    return this.#messages.secretArn
  }

  messagesStatement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: [this.#messages.secretArn],
    })
  }

  get stripeArn(): string {
    return this.#stripe.secretArn
  }

  /** For the functions that talk to the payment provider, and for no other. */
  stripeStatement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: [this.#stripe.secretArn],
    })
  }

  /** The web's secret at somebody else's issuer, resolved when the stack is deployed. */
  clientSecret(): string {
    const secret = new Secret(this.#stack, 'OidcClientSecret', {
      description: 'Secret of the shop at its OpenID issuer: fill it in',
      removalPolicy: RemovalPolicy.RETAIN,
    })
    return secret.secretValue.unsafeUnwrap()
  }
}
