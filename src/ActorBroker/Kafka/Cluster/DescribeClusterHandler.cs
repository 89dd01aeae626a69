using ActorBroker.Hosting.Options;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Cluster;

/// <summary>DescribeCluster: the cluster's name, its brokers and which of them is the controller.</summary>
internal sealed class DescribeClusterHandler(MetadataCache metadata, BrokerOptions options)
    : ApiHandler<DescribeClusterRequest, DescribeClusterResponse>
{
    protected override ValueTask<DescribeClusterResponse> HandleAsync(DescribeClusterRequest request, RequestContext context)
    {
        if (request.EndpointType != DescribeClusterRequest.Brokers)
        {
            // Controllers are no servers of their own here, so there is nothing to connect to.
            return new(new DescribeClusterResponse
            {
                ErrorCode = request.EndpointType == DescribeClusterRequest.Controllers
                    ? ErrorCode.MismatchedEndpointType
                    : ErrorCode.UnsupportedEndpointType,
                ErrorMessage = "This is a broker; ask for endpoints of type 1.",
                EndpointType = request.EndpointType,
            });
        }
        var image = metadata.Shown;
        return new(new DescribeClusterResponse
        {
            ClusterId = image.ClusterId,
            ControllerId = BrokerAddresses.Controller(metadata, options.Id),
            Brokers = [.. (request.IncludeFencedBrokers ? image.Brokers.Values : image.ServingBrokers).Select(b =>
            {
                var (host, port) = BrokerAddresses.Of(b, context.Client);
                return new DescribeClusterResponse.Broker(b.Id, host, port, b.Rack, b.IsFenced);
            })],
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations
                ? AuthorizedOperations.AllOfCluster
                : AuthorizedOperations.NotRequested,
        });
    }
}
