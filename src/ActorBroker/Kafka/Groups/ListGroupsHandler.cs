using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

/// <summary>ListGroups: the groups that this broker coordinates; a client asks each broker.</summary>
internal sealed class ListGroupsHandler(GroupGateway groups) : ApiHandler<ListGroupsRequest, ListGroupsResponse>
{
    /// <summary>The only type of groups so far, by the name that KIP-848 gave to it.</summary>
    private const string Classic = "classic";

    protected override async ValueTask<ListGroupsResponse> HandleAsync(ListGroupsRequest request, RequestContext context)
    {
        var (error, found) = await groups.ListAsync(context.Closed).ConfigureAwait(false);
        var isTypeAsked = Matches(request.TypesFilter, Classic);
        return new(error,
        [
            .. found.Where(each => isTypeAsked && Matches(request.StatesFilter, each.State.ToString()))
                .Select(each => new ListGroupsResponse.Group(each.Group, each.ProtocolType, each.State.ToString(), Classic)),
        ]);
    }

    private static bool Matches(string[] filter, string value) =>
        filter.Length == 0 || filter.Contains(value, StringComparer.OrdinalIgnoreCase);
}
