using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A message of persistence.</summary>
public interface IPersistenceMessage : INoSerializationVerificationNeeded;

/// <summary>A message between a persistent actor and its journal.</summary>
public interface IJournalMessage : IPersistenceMessage;

/// <summary>Said to a journal.</summary>
public interface IJournalRequest : IJournalMessage;

/// <summary>Said by a journal.</summary>
public interface IJournalResponse : IJournalMessage;

/// <summary>A message between a persistent actor and its snapshot store.</summary>
public interface ISnapshotMessage : IPersistenceMessage;

/// <summary>Said to a snapshot store.</summary>
public interface ISnapshotRequest : ISnapshotMessage;

/// <summary>Said by a snapshot store.</summary>
public interface ISnapshotResponse : ISnapshotMessage;
