using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Cluster;

/// <summary>
/// The certificate, with its key, that all silos and clients of a cluster have in common: every connection is encrypted, and whoever has another one, or none,
/// is refused on both sides. A certificate that was made for the cluster alone needs no authority that signs it.
/// </summary>
internal static class ClusterCertificate
{
    private const string ServerName = "mlnetmlp";

    /// <summary>Reads a file of the kind PKCS #12 (.pfx).</summary>
    public static X509Certificate2 Load(string path, string? password) => X509CertificateLoader.LoadPkcs12FromFile(path, password);

    /// <summary>Has a silo or a client use the certificate, and accept only those that have it, too.</summary>
    public static void Apply(X509Certificate2 certificate, TlsOptions tls)
    {
        tls.LocalCertificate = certificate;
        tls.RemoteCertificateMode = tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (remote, _, _) => remote.RawData.AsSpan().SequenceEqual(certificate.RawData);
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => certificate;
        tls.OnAuthenticateAsClient = (_, options) => options.TargetHost = ServerName;
    }
}
