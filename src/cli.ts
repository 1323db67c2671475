const [command] = process.argv.slice(2);
console.error(`misto: unknown command ${command ?? ''}`);
process.exit(2);
