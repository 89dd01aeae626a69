using System.Globalization;
using ActorBroker.Core.Quorum;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using Akka.Actor;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Controller.Quorum;

/// <summary>What a <see cref="QuorumVoterActor"/> works with.</summary>
/// <param name="Folder">Where it keeps the journal.</param>
/// <param name="NewDisk">A number that no disk had before.</param>
/// <param name="Limits">Of its messages.</param>
internal sealed record VoterParts(
    BrokerId Self, ILogFileSystem Files, string Folder, Func<UInt128> NewDisk, QuorumLimits Limits, TimeProvider Time,
    ILogger Log);

/// <summary>
/// <c>/user/controller-voter</c>: runs <see cref="QuorumVoter"/>, this broker's copy of the controller's journal. What it answers
/// is on its disk. When the disk refuses, most of all as it is full, it answers nobody for a while (<see cref="DiskPatience"/>), and
/// then reads what is there and goes on; who asked asks again.
/// </summary>
internal sealed class QuorumVoterActor : ReceiveActor
{
    public const string Name = "controller-voter";

    /// <summary>Threads that may wait for a disk.</summary>
    private const string Dispatcher = "akka.persistence.segment-dispatcher";

    private readonly VoterParts _parts;
    private readonly DiskPatience _patience = new();
    private readonly long _started;
    private (VoterStore Store, QuorumVoter Voter)? _open;
    private bool _isConfirmed;

    /// <summary>How far the log was flushed before the disk refused; null: unknown.</summary>
    private Offset? _durableEnd;

    public static Props Props(VoterParts parts) =>
        Akka.Actor.Props.Create(() => new QuorumVoterActor(parts)).WithDispatcher(Dispatcher);

    public QuorumVoterActor(VoterParts parts)
    {
        (_parts, _started) = (parts, parts.Time.GetTimestamp());
        Receive<QuorumRequest>(request =>
        {
            if (_patience.Waits(Now)) return;
            try
            {
                var (store, voter) = _open ??= Open();
                voter.Hear(request);
                RunEffects(store, voter);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                PutOff(e);
            }
        });
    }

    protected override void PostStop() => _open?.Store.Dispose();

    private TimeSpan Now => _parts.Time.GetElapsedTime(_started);

    /// <summary>What is read again while the disk refuses, and that what did not fit is cut, is no news.</summary>
    private ILogger StoreLog => _patience.IsTried ? NullLogger.Instance : _parts.Log;

    private long NowMs => _parts.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What the voter believes to have stored may not be on the disk.</summary>
    private void PutOff(Exception cause)
    {
        if (_open is var (store, _))
        {
            _durableEnd = store.DurableEnd ?? _durableEnd;
            store.Abandon();
        }
        _open = null;
        if (!_patience.Refused(Now)) return;
        if (LogStorageException.IsFull(cause)) QuorumLog.NoRoom(_parts.Log, _parts.Folder, cause.Message);
        else QuorumLog.DiskRefused(_parts.Log, cause, _parts.Folder);
    }

    private void RunEffects(VoterStore store, QuorumVoter voter)
    {
        var hasStored = false;
        while (voter.TryTakeEffect(out var effect))
        {
            if (effect is VoterEffect.Send(_, var answer))
            {
                store.Flush();
                Sender.Tell(answer);
            }
            else
            {
                store.Run(effect);
                hasStored = true;
                if (effect is not VoterEffect.SaveMeta(var meta) || meta.IsConfirmed == _isConfirmed) continue;
                _isConfirmed = meta.IsConfirmed;
                if (_isConfirmed) QuorumLog.VoterCounts(_parts.Log, _parts.Self);
            }
        }
        store.Flush();
        if (hasStored && _patience.Took()) QuorumLog.DiskTakesAgain(_parts.Log, _parts.Folder);
    }

    private (VoterStore, QuorumVoter) Open()
    {
        var store = VoterStore.Open(_parts.Files, _parts.Folder, () => NowMs, StoreLog);
        try
        {
            if (_durableEnd is { } end) store.CutTo(end);
            var voter = Load(ref store);
            RunEffects(store, voter);
            return (store, voter);
        }
        catch // Nobody else knows the store yet, and its lock must be free for the next start; the cause goes on.
        {
            store.Abandon();
            throw;
        }
    }

    private QuorumVoter Load(ref VoterStore store)
    {
        try
        {
            if (store.Load() is { } stored)
            {
                if (!_patience.IsTried)
                    QuorumLog.VoterOpened(_parts.Log, stored.Entries.Length, stored.LogStart + stored.Entries.Length);
                _isConfirmed = stored.Meta.IsConfirmed;
                return new QuorumVoter(_parts.Self, stored, _parts.Limits);
            }
        }
        catch (InvalidDataException e)
        {
            // As a lost disk: under a new number, so that nobody counts on what it can't remember.
            store.Dispose();
            var aside = string.Create(CultureInfo.InvariantCulture, $"{_parts.Folder}-damaged-{NowMs}");
            _parts.Files.RenameDirectory(_parts.Folder, aside);
            QuorumLog.SetAside(_parts.Log, e, _parts.Folder, aside);
            _durableEnd = null;
            store = VoterStore.Open(_parts.Files, _parts.Folder, () => NowMs, _parts.Log);
        }
        if (!_patience.IsTried) QuorumLog.VoterIsNew(_parts.Log);
        return new QuorumVoter(_parts.Self, _parts.NewDisk(), _parts.Limits);
    }
}
