using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka;

/// <summary>
/// Answers the requests of one API. One instance serves all connections; most derive from
/// <see cref="ApiHandler{TRequest,TResponse}"/>.
/// </summary>
internal interface IApiHandler
{
    ApiKey Key { get; }

    /// <summary>Called when all earlier requests of the connection are answered. When the task ends, what was given to
    /// <see cref="RequestContext.Respond{T}"/> is sent; an exception is logged and closes the connection.</summary>
    ValueTask HandleAsync(RequestContext context);
}

/// <summary>An API whose request and response are objects: all but Produce and Fetch.</summary>
internal abstract class ApiHandler<TRequest, TResponse> : IApiHandler
    where TRequest : IRequest<TRequest, TResponse>
    where TResponse : IWireValue<TResponse>
{
    public ApiKey Key => TRequest.Key;

    public async ValueTask HandleAsync(RequestContext context) =>
        context.Respond(await HandleAsync(context.Read<TRequest>(), context).ConfigureAwait(false));

    /// <summary>What the request's memory holds (byte strings that were not copied) is valid until the task ends.</summary>
    protected abstract ValueTask<TResponse> HandleAsync(TRequest request, RequestContext context);
}
