using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Remote.Outbound;

namespace Akka.Remote.Associations;

/// <summary>Writes one connection: first what is for this connection only, then what its association has.</summary>
/// <remarks>Runs on remoting's dispatcher while there is something to send, at most once at a time.</remarks>
internal sealed class LinkWriter : IRunnable
{
    private const int DrainFirst = 1;
    private const int SendOwnOnly = 2;

    private readonly Remoting _remoting;
    private readonly Link _link;
    private readonly Batch _batch = new();
    private readonly Queue<byte[]> _own = new(); // Guarded by itself.
    private ICancelable? _closeTimer;
    private int _running;
    private volatile int _ending;
    private byte[]? _farewell;
    private bool _finished;
    private volatile bool _closed;

    public LinkWriter(Remoting remoting, Link link)
    {
        _remoting = remoting;
        _link = link;
    }

    /// <summary>Sends a frame ahead of all others.</summary>
    public void Send(byte[] frame)
    {
        lock (_own) _own.Enqueue(frame);
        Kick();
    }

    /// <summary>There is something to send.</summary>
    public void Kick()
    {
        if (Volatile.Read(ref _running) != 0 || Interlocked.Exchange(ref _running, 1) != 0) return;
        _remoting.Dispatcher.Schedule(this);
    }

    /// <summary>Closes the connection when what is for it only has been sent, or after a while.</summary>
    public void CloseWhenSent() => EndAs(SendOwnOnly);

    /// <summary>Sends all that the association has, then <paramref name="farewell"/>, and closes; in any case after a while.
    /// </summary>
    public void FinishWith(byte[] farewell)
    {
        _farewell = farewell;
        EndAs(DrainFirst);
    }

    public void ConnectionClosed()
    {
        _closed = true;
        _closeTimer?.Cancel();
    }

    public void Run() => _ = WriteAsync();

    void IThreadPoolWorkItem.Execute() => Run();

    // Never fails: what happens to the connection is reported by its reading side.
    private async Task WriteAsync()
    {
        try
        {
            while (!_closed && !_finished)
            {
                if (Gather())
                {
                    await _link.Connection.SendAsync(_batch.Segments).ConfigureAwait(false);
                    _batch.Release();
                    continue;
                }
                Volatile.Write(ref _running, 0);
                Interlocked.MemoryBarrier();
                if (!HasMore() || Interlocked.Exchange(ref _running, 1) != 0) return;
            }
        }
        catch (Exception e)
        {
            // The buffers are left to the collector: the operating system may still have them.
            _remoting.System.Log.Debug("Sending to [{0}] failed: {1}", _link.Connection.Peer, e.Message);
            _closed = true;
            _link.Connection.Close();
        }
    }

    private bool Gather()
    {
        lock (_own)
            while (_own.TryDequeue(out var frame)) _batch.Add(frame);
        if (_ending != SendOwnOnly) _link.Association?.Queue.Take(this, _batch);
        if (!_batch.IsEmpty) return true;
        _batch.Release();
        if (_ending == DrainFirst && _farewell is { } farewell)
        {
            _farewell = null;
            _ending = SendOwnOnly; // What is told from now on comes too late.
            _batch.Add(farewell);
            return true;
        }
        if (_ending != 0 && !_finished)
        {
            _finished = true;
            _link.Connection.Finish();
        }
        return false;
    }

    private bool HasMore()
    {
        lock (_own)
            if (_own.Count > 0) return true;
        if (_ending != 0) return !_finished;
        return _link.Association?.Queue.HasFor(this) == true;
    }

    private void EndAs(int ending)
    {
        _ending = ending;
        _closeTimer = _remoting.After(_remoting.Settings.FlushWait, _link.Connection.Close);
        if (_closed) _closeTimer.Cancel();
        Kick();
    }
}
