import { CfnOutput, Fn, type Stack } from 'aws-cdk-lib'
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'

/**
 * The CDN in front of the one origin. Only what never changes is cached: files whose
 * name is a hash of their content, and photos of listings. The API must see its
 * own host name, so the public one travels in `x-forwarded-host`, written here and not by the visitor.
 */
export function makeCdn(stack: Stack, http: HttpApi, publicOrigin: string): void {
  const publicHost = Fn.select(1, Fn.split('//', publicOrigin))
  const origin = new HttpOrigin(`${http.apiId}.execute-api.${stack.region}.${stack.urlSuffix}`, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    customHeaders: { 'x-forwarded-host': publicHost },
  })
  const common = { origin, viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS, compress: true }
  const distribution = new Distribution(stack, 'Cdn', {
    httpVersion: HttpVersion.HTTP2_AND_3,
    priceClass: PriceClass.PRICE_CLASS_200,
    defaultBehavior: {
      ...common,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    },
    additionalBehaviors: {
      '/_app/immutable/*': { ...common, cachePolicy: CachePolicy.CACHING_OPTIMIZED },
      '/photos/*': { ...common, cachePolicy: CachePolicy.CACHING_OPTIMIZED },
    },
  })
  new CfnOutput(stack, 'CdnDomain', { value: distribution.distributionDomainName })
}
