/*
 * Loaded into the measured process before its own code (`node --import`): tells the parent, when asked, how much CPU time
 * the process has used so far. Over the channel that `fork` opens, so that no request of ours disturbs what is measured.
 */
process.on('message', (question) => {
  if (question !== 'cpu') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system });
});
process.channel?.unref();
