namespace ActorBroker.Kafka.Sockets;

/// <summary>What came from a client is no Kafka request: its connection is closed. The message says why, for the log.</summary>
internal sealed class FrameException(string message, Exception? cause = null) : Exception(message, cause);
