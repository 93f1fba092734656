export { type Dealer, getDealer } from './dealer.ts';
export { registerDealerRoutes } from './dealer-routes.ts';
