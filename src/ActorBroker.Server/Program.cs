using System.Runtime.InteropServices;
using ActorBroker.Server.Commands;

// The first signal asks to stop; at a second one the system ends the process as usual.
using var stopping = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
return await Cli.RunAsync(args, CommandIo.OfProcess(), stopping.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
}
