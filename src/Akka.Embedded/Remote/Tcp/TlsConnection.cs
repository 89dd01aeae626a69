using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Akka.Remote.Tcp;

/// <summary>A connection with TLS. An inbound one shakes hands when it is started, so that the time and the number of
/// those that have not are bounded together with the rest of the handshake.</summary>
internal sealed class TlsConnection : SocketConnection
{
    private readonly TlsSettings _settings;
    private readonly SslStream _stream;
    private bool _authenticated;

    public TlsConnection(TcpTransport transport, Socket socket, string peer, int maxFrameBytes, TlsSettings settings)
        : base(transport, socket, peer, maxFrameBytes)
    {
        _settings = settings;
        _stream = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false, IsTrusted);
    }

    public async Task AuthenticateAsClientAsync(string host, CancellationToken cancellationToken)
    {
        await _stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificates = [_settings.Certificate],
            EnabledSslProtocols = SslProtocols.None, // The operating system's choice.
        }, cancellationToken).ConfigureAwait(false);
        _authenticated = true;
    }

    public override async ValueTask SendAsync(IList<ArraySegment<byte>> bytes)
    {
        var length = 0;
        foreach (var piece in bytes) length += piece.Count;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = 0;
            foreach (var piece in bytes)
            {
                piece.AsSpan().CopyTo(buffer.AsSpan(at));
                at += piece.Count;
            }
            await _stream.WriteAsync(buffer.AsMemory(0, length)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not IOException)
        {
            throw new IOException($"Sending to {Peer} failed: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override void StartReading() => _ = ReadAsync();

    private async Task ReadAsync()
    {
        try
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // Not in the caller's context.
            if (!_authenticated)
                await _stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificate = _settings.Certificate,
                    ClientCertificateRequired = _settings.MutualAuthentication,
                    EnabledSslProtocols = SslProtocols.None,
                }).ConfigureAwait(false);
            while (Take(await _stream.ReadAsync(Input.Free).ConfigureAwait(false))) { }
        }
        catch (Exception e)
        {
            Report(e);
        }
    }

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_settings.SuppressValidation) return true;
        if (!_settings.ValidateHostname) errors &= ~SslPolicyErrors.RemoteCertificateNameMismatch;
        if (!_settings.MutualAuthentication && _stream.IsServer) errors &= ~SslPolicyErrors.RemoteCertificateNotAvailable;
        return errors == SslPolicyErrors.None;
    }
}
