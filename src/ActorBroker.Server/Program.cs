using ActorBroker.Server.Commands;

return await Cli.RunAsync(args, CommandIo.OfProcess(), CancellationToken.None);
