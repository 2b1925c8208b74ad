package dev.boardwalk.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Trust in the authorities of one PEM file, and in no others. */
record S3Trust(SSLSocketFactory sockets, X509TrustManager manager) {

    static S3Trust of(Path authorities) {
        try (InputStream pem = Files.newInputStream(authorities)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("authority " + trusted.size(), certificate);
            }
            if (trusted.size() == 0) {
                throw new StoreException.ObjectsUnsuitable(authorities + " holds no certificate in PEM form", null);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return new S3Trust(context.getSocketFactory(), manager);
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new StoreException.ObjectsUnsuitable(
                    "cannot read the authorities in " + authorities + ": " + unreadable.getMessage(), unreadable);
        }
    }
}
