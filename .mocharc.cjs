module.exports = {
  require: ['test/setup.ts'],
  timeout: 20_000,
  forbidOnly: Boolean(process.env.CI),
};
