using System.Collections.Immutable;

namespace ActorBroker.Protocol.Records;

/// <summary>Why a batch is refused. <c>default</c>: it is not.</summary>
/// <param name="Code">What the Produce response says.</param>
/// <param name="Message">For people; in Produce responses from version 8 on.</param>
/// <param name="Records">The records at fault, where single ones are (Produce response version 8, KIP-467).</param>
public readonly record struct BatchError(ErrorCode Code, string? Message, ImmutableArray<RecordError> Records = default)
{
    public bool IsNone => Code == ErrorCode.None;
}

/// <param name="Index">The record's place in its batch, from 0.</param>
/// <param name="Message">What is wrong with it.</param>
public readonly record struct RecordError(int Index, string Message);
