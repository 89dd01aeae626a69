using ActorBroker.Protocol;

namespace ActorBroker.Server.Clients;

/// <summary>
/// A broker refused a request. <see cref="Exception.Message"/> has Kafka's name of the error, its number and a
/// sentence.
/// </summary>
internal sealed class KafkaException(ErrorCode code, string? detail = null)
    : Exception($"{ErrorTexts.NameOf(code)} ({(short)code}): {detail ?? ErrorTexts.SentenceOf(code)}")
{
    public ErrorCode Code { get; } = code;

    /// <summary>The same request may succeed later, maybe at another broker.</summary>
    public bool IsRetriable => ErrorTexts.IsRetriable(Code);

    /// <exception cref="KafkaException">The code is an error.</exception>
    public static void ThrowIfError(ErrorCode code, string? detail = null)
    {
        if (code != ErrorCode.None) throw new KafkaException(code, string.IsNullOrEmpty(detail) ? null : detail);
    }
}
