using System.Net;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;

namespace Akka.Remote.Tcp;

/// <summary><c>akka.remote.dot-netty.tcp</c>.</summary>
/// <param name="Tls">Null: plain TCP.</param>
internal sealed record TcpSettings(string Hostname, int Port, string PublicHostname, int PublicPort, bool UseIPv6, int Backlog,
    bool NoDelay, bool KeepAlive, int SendBufferBytes, int ReceiveBufferBytes, int MaxFrameBytes, TlsSettings? Tls)
{
    private const int LeastFrameBytes = 32_000;

    /// <exception cref="ConfigurationException">Out of range; names the key.</exception>
    public static TcpSettings From(ActorSystem system)
    {
        var tcp = system.Settings.Config.GetConfig("akka.remote.dot-netty.tcp")
            ?? throw new ConfigurationException("[akka.remote.dot-netty.tcp] is missing.");
        var hostname = tcp.GetString("hostname", "")!;
        var publicHostname = tcp.GetString("public-hostname", "")!;
        if (publicHostname.Length == 0) publicHostname = hostname is "" or "0.0.0.0" or "::" ? Dns.GetHostName() : hostname;
        return new TcpSettings(hostname, PortOf(tcp, "port"), publicHostname, PortOf(tcp, "public-port"),
            tcp.GetBoolean("dns-use-ipv6"), tcp.GetInt("backlog"), tcp.GetBoolean("tcp-nodelay"), tcp.GetBoolean("tcp-keepalive"),
            BytesOf(tcp, "send-buffer-size", 1), BytesOf(tcp, "receive-buffer-size", 1),
            BytesOf(tcp, "maximum-frame-size", LeastFrameBytes),
            tcp.GetBoolean("enable-ssl") ? TlsSettings.From(system, tcp.GetConfig("ssl")!) : null);
    }

    private static int PortOf(Config tcp, string key) => tcp.GetInt(key) is var port and >= 0 and <= IPEndPoint.MaxPort
        ? port : throw Refused(key, "a port, or 0");

    private static int BytesOf(Config tcp, string key, int least) =>
        tcp.GetByteSize(key, null) is { } bytes and <= int.MaxValue && bytes >= least
            ? (int)bytes : throw Refused(key, $"{least} to {int.MaxValue} bytes");

    private static ConfigurationException Refused(string key, string rule) =>
        new($"[akka.remote.dot-netty.tcp.{key}] must be {rule}.");
}

/// <summary><c>akka.remote.dot-netty.tcp.ssl</c>, or what the program gave instead.</summary>
internal sealed record TlsSettings(X509Certificate2 Certificate, bool SuppressValidation, bool MutualAuthentication,
    bool ValidateHostname)
{
    /// <exception cref="ConfigurationException">There is no certificate with a key; names the key of configuration.</exception>
    public static TlsSettings From(ActorSystem system, Config ssl)
    {
        var mutual = ssl.GetBoolean("require-mutual-authentication", true);
        var hostname = ssl.GetBoolean("validate-certificate-hostname");
        if (system.Settings.Setup.Get<DotNettySslSetup>() is { HasValue: true } setup)
            return new TlsSettings(WithKey(setup.Value.Certificate, "the DotNettySslSetup"), setup.Value.SuppressValidation,
                mutual, hostname);
        var path = ssl.GetString("certificate.path", "")!;
        if (path.Length == 0)
            throw new ConfigurationException(
                "[akka.remote.dot-netty.tcp.enable-ssl] is on, but [ssl.certificate.path] is empty, and there is no"
                + " DotNettySslSetup.");
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, ssl.GetString("certificate.password", ""));
            return new TlsSettings(WithKey(certificate, path), ssl.GetBoolean("suppress-validation"), mutual, hostname);
        }
        catch (Exception e) when (e is not ConfigurationException)
        {
            throw new ConfigurationException(
                $"[akka.remote.dot-netty.tcp.ssl.certificate.path]: [{path}] can't be read: {e.Message}", e);
        }
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, string source) => certificate.HasPrivateKey
        ? certificate : throw new ConfigurationException($"The certificate of {source} has no private key.");
}
