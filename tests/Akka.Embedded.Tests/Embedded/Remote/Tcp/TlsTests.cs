using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;

namespace Akka.Embedded.Tests.Embedded.Remote.Tcp;

public sealed class TlsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<ActorSystem> _systems = [];

    [Fact]
    public async Task Systems_with_certificates_talk()
    {
        var (a, b) = (Start("a", Certificate()), Start("b", Certificate()));
        var address = ((ExtendedActorSystem)b).Provider.DefaultAddress;
        Assert.Equal("akka.ssl.tcp", address.Protocol);
        b.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)), "echo");
        var echo = await a.ActorSelection($"{address}/user/echo").ResolveOne(Patience);
        for (var i = 0; i < 100; i++) Assert.Equal(1000 * i, (await echo.Ask<byte[]>(new byte[1000 * i], Patience)).Length);
    }

    [Fact]
    public async Task Certificate_is_read_from_the_file_that_the_configuration_names()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, Certificate().Export(X509ContentType.Pkcs12, "secret"));
            var hocon = $$"""
                akka.remote.dot-netty.tcp.ssl {
                  suppress-validation = on
                  certificate { path = "{{file}}", password = "secret" }
                }
                """;
            var (a, b) = (Start("a", null, hocon), Start("b", null, hocon));
            b.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)), "echo");
            var address = ((ExtendedActorSystem)b).Provider.DefaultAddress;
            var echo = await a.ActorSelection($"{address}/user/echo").ResolveOne(Patience);
            Assert.Equal("x", await echo.Ask<string>("x", Patience));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Certificate_that_nobody_vouches_for_is_refused()
    {
        var (a, b) = (Start("a", Certificate(), suppressValidation: false), Start("b", Certificate(), suppressValidation: false));
        b.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)), "echo");
        var address = ((ExtendedActorSystem)b).Provider.DefaultAddress;
        await Assert.ThrowsAsync<ActorNotFoundException>(
            () => a.ActorSelection($"{address}/user/echo").ResolveOne(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Peer_without_a_certificate_is_refused()
    {
        var address = ((ExtendedActorSystem)Start("a", Certificate(), suppressValidation: false)).Provider.DefaultAddress;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port!.Value);
        await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await tls.AuthenticateAsClientAsync("a").WaitAsync(Patience);
            // With TLS 1.3 the refusal comes after the client's part of the handshake.
            if (await tls.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience) == 0) throw new IOException("closed");
        });
    }

    [Fact]
    public void Tls_without_a_certificate_is_a_mistake_of_configuration()
    {
        var e = Assert.ThrowsAny<Exception>(() => Start("a", null));
        Assert.Contains("ssl.certificate.path", e.ToString());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_systems.Select(s => s.Terminate())).WaitAsync(Patience);
    }

    private ActorSystem Start(string name, X509Certificate2? certificate, string hocon = "", bool suppressValidation = true)
    {
        var config = ConfigurationFactory.ParseString($$"""
            {{hocon}}
            akka { stdout-loglevel = OFF, loggers = [], actor.provider = remote }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, enable-ssl = on }
            """);
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config));
        if (certificate is not null) setup = setup.And(new DotNettySslSetup(certificate, suppressValidation));
        var system = ActorSystem.Create(name, setup);
        _systems.Add(system);
        return system;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // A key that is only in memory can't be used by a server everywhere.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
