using System.Security.Cryptography.X509Certificates;

namespace Akka.Remote.Transport.DotNetty;

/// <summary>The certificate of this system, given by the program instead of <c>akka.remote.dot-netty.tcp.ssl</c>.</summary>
public sealed class DotNettySslSetup(X509Certificate2 certificate, bool suppressValidation) : Actor.Setup.Setup
{
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>Trusts any certificate of others.</summary>
    public bool SuppressValidation { get; } = suppressValidation;
}
