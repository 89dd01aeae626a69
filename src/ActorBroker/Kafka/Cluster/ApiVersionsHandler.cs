using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Cluster;

/// <summary>ApiVersions: key 18, versions 0-4. A version that is not served is answered by the connection, as its body cannot be
/// read.</summary>
internal sealed class ApiVersionsHandler : ApiHandler<ApiVersionsRequest, ApiVersionsResponse>
{
    private static readonly ApiVersionsResponse Advertised = ApiVersionsResponse.Advertised();
    private static readonly ApiVersionsResponse InvalidSoftware = new() { ErrorCode = ErrorCode.InvalidRequest };

    protected override ValueTask<ApiVersionsResponse> HandleAsync(ApiVersionsRequest request, RequestContext context) =>
        new(request.HasValidSoftware(context.Version) ? Advertised : InvalidSoftware);
}
